package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo/script"
	"homeward/partners"
)

// caseWorkRoutes are how a case is worked on: its clock, tasks, notes between
// shifts, links, risk, and what was changed.
func (s *Server) caseWorkRoutes() []route {
	return []route{
		{"GET", "/desk/cases/:id/work", s.caseWork},
		{"POST", "/desk/cases/:id/steps/:step", s.caseStepMarked},
		{"POST", "/desk/cases/:id/tasks", s.caseTaskAdded},
		{"POST", "/desk/cases/:id/tasks/:task", s.caseTaskChanged},
		{"POST", "/desk/cases/:id/shift-notes", s.caseShiftNoted},
		{"GET", "/desk/cases/:id/history", s.caseHistory},
		{"GET", "/desk/cases/:id/links", s.caseLinks},
		{"POST", "/desk/cases/:id/links", s.caseLinked},
		{"POST", "/desk/cases/:id/links/:link/unlink", s.caseUnlinked},
		{"POST", "/desk/cases/:id/episodes", s.caseEpisodeAdded},
		{"GET", "/desk/cases/:id/risk", s.caseRisk},
		{"POST", "/desk/cases/:id/risk", s.caseRiskGraded},
		{"GET", "/desk/handover", s.handoverNow},
		{"POST", "/desk/handover", s.handoverMade},
		{"GET", "/desk/handovers/:id", s.handoverPage},
		{"POST", "/desk/handovers/:id/take", s.handoverTaken},
	}
}

type caseWorkData struct {
	caseFrame
	Clock []alerts.ClockStep
	// Task is the form for a new task, ShiftNote for a note to the next shift.
	Task, ShiftNote *Form
	Staff           []Choice
	// Refused is the form of a step or a task that was refused; Part is the
	// step's key or the task's id.
	Part    string
	Refused *Form
}

// Waiting are the steps that wait, Settled those that do not.
func (d caseWorkData) Waiting() []alerts.ClockStep { return d.steps(true) }

// Settled are the steps that are done or not needed.
func (d caseWorkData) Settled() []alerts.ClockStep { return d.steps(false) }

func (d caseWorkData) steps(open bool) []alerts.ClockStep {
	var out []alerts.ClockStep
	for _, s := range d.Clock {
		if s.Open() == open {
			out = append(out, s)
		}
	}
	return out
}

// Tasks are those of the case: the open ones, or the others.
func (d caseWorkData) Tasks(open bool) []alerts.TaskView {
	var out []alerts.TaskView
	for _, t := range d.Case.Tasks {
		if t.Open() == open {
			out = append(out, t)
		}
	}
	return out
}

// NotesWaiting are the notes that go with the next handover.
func (d caseWorkData) NotesWaiting() []alerts.ShiftNoteView {
	var out []alerts.ShiftNoteView
	for _, n := range d.Case.ShiftNotes {
		if n.Handover == "" {
			out = append(out, n)
		}
	}
	return out
}

func (s *Server) caseWork(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseWork(c, a, caseWorkData{})
}

func (s *Server) showCaseWork(c *fiber.Ctx, a alerts.Actor, d caseWorkData) error {
	frame, err := s.caseFrameOf(c, a, "work")
	if err != nil {
		return err
	}
	d.caseFrame = frame
	if d.Clock, err = s.Alerts.CaseClock(c.UserContext(), a, frame.Case.ID); err != nil {
		return err
	}
	if d.Task == nil {
		d.Task = s.newForm("owner", a.ID)
	}
	if d.ShiftNote == nil {
		d.ShiftNote = s.newForm()
	}
	d.Staff = s.staff()
	return s.render(c, layoutConsole, "case_work", d)
}

// workDone answers a command of the page: back to its place, or the page again
// with what is wrong.
func (s *Server) workDone(c *fiber.Ctx, a alerts.Actor, err error, f *Form, at string, d caseWorkData) error {
	if err == nil && len(f.Errors) == 0 {
		return c.Redirect("/desk/cases/"+c.Params("id")+"/work#"+at, fiber.StatusSeeOther)
	}
	if err != nil && !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseWork(c, a, d)
}

func (s *Server) caseStepMarked(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	step := c.Params("step")
	in := alerts.NewStepMark{State: f.Get("state"), Note: f.Get("note")}
	_, err = s.Alerts.MarkStep(c.UserContext(), a, c.Params("id"), step, in, s.request(c, a, c.Body()))
	return s.workDone(c, a, err, f, "clock", caseWorkData{Part: step, Refused: f})
}

func (s *Server) caseTaskAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewTask{Title: f.Get("title"), Owner: f.Get("owner"), DueAt: f.When("due_at"), Note: f.Get("note")}
	if len(f.Errors) == 0 {
		_, err = s.Alerts.AddTask(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	}
	return s.workDone(c, a, err, f, "tasks", caseWorkData{Task: f})
}

func (s *Server) caseTaskChanged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.TaskAct{State: f.Get("state"), Note: f.Get("note")}
	if owner := f.Get("owner"); owner != "" {
		in.Owner = &owner
	}
	_, err = s.Alerts.ActOnTask(c.UserContext(), a, c.Params("id"), c.Params("task"), in, s.request(c, a, c.Body()))
	return s.workDone(c, a, err, f, "tasks", caseWorkData{Part: c.Params("task"), Refused: f})
}

// caseShiftNoted writes a note for the next shift, from the case or from the page
// of the handover.
func (s *Server) caseShiftNoted(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.AddShiftNote(c.UserContext(), a, c.Params("id"), alerts.NewShiftNote{Text: f.Get("text")}, s.request(c, a, c.Body()))
	if err == nil && f.Get("from") == "handover" {
		return c.Redirect("/desk/handover#case-"+c.Params("id"), fiber.StatusSeeOther)
	}
	return s.workDone(c, a, err, f, "notes", caseWorkData{ShiftNote: f})
}

// InLanguage is the one of an English and a Serbian Cyrillic text that the
// reader reads.
func (p *Page) InLanguage(english, cyrillic string) string {
	switch p.Lang {
	case SerbianCyrillic:
		return cyrillic
	case SerbianLatin:
		return script.ToLatin(cyrillic)
	}
	return english
}

// StepText words a step of the clock of cases.
func (p *Page) StepText(key string) string {
	if r := p.s.Alerts.ClockRule(key); r != nil {
		return p.InLanguage(r.English, r.Serbian)
	}
	return key
}

// CaseWork words a deadline of a case's own work; empty for every other.
func (p *Page) CaseWork(i partners.DeadlineItem) string {
	switch i.Kind {
	case partners.DeadlineCaseStep:
		if i.N > 1 {
			return p.StepText(i.Rule) + " " + p.N("work.more_steps", i.N-1)
		}
		return p.StepText(i.Rule)
	case partners.DeadlineTask:
		if i.NextStep != "" {
			return i.NextStep
		}
		return p.T("deadline.kind_task")
	}
	return ""
}
