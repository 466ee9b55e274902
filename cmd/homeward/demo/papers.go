package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/alerts/paper"
	"homeward/partners"
	"homeward/partners/pack"
)

// lineOf is what the organisation of the demonstration is called in letters.
const lineOf = "Ogledna linija (fictional)"

// planPapers plans the papers of the matters: scans, what was written into the
// form, and for the farthest of them a letter and a bundle.
func (t *teller) planPapers(matters map[string]*matter) error {
	rows, err := read("papers.csv")
	if err != nil {
		return err
	}
	for _, row := range rows {
		m := matters[row[0]]
		if m == nil {
			return fmt.Errorf("papers: there is no matter %q", row[0])
		}
		if err := t.planPaper(m, row); err != nil {
			return fmt.Errorf("papers of %q: %w", row[0], err)
		}
	}
	if rows, err = read("answers.csv"); err != nil {
		return err
	}
	answers := map[string][][]string{}
	for _, row := range rows {
		answers[row[0]] = append(answers[row[0]], row)
	}
	for key, m := range matters {
		if lines := answers[key]; lines != nil {
			t.on(m.of, latest(t.now.Add(-19*24*time.Hour), m.opened.Add(3*time.Minute)), func(ctx context.Context) error { return t.writeForm(ctx, m, lines) })
		}
	}
	if m := matters["marko"]; m != nil {
		t.on(m.of, latest(t.now.Add(-4*24*time.Hour), m.opened.Add(time.Hour)), func(ctx context.Context) error { return t.sendPack(ctx, m) })
	}
	return nil
}

// planPaper plans the scan of one paper and its steps.
func (t *teller) planPaper(m *matter, row []string) error {
	for i, step := range strings.Split(row[2], ", ") {
		state, length, _ := strings.Cut(step, " ")
		ago, err := span(length)
		if err != nil {
			return err
		}
		at := latest(t.now.Add(-ago), m.opened.Add(time.Duration(i+4)*time.Minute))
		t.on(m.of, at, func(ctx context.Context) error {
			id, err := t.paperID(m, row[1])
			if err != nil {
				return err
			}
			in := partners.PaperChange{State: state}
			if row[4] != "" {
				in.KeepFrom = alerts.Some([]string{row[4]})
			}
			if _, err = t.Desk.ChangePaper(ctx, t.staff.jelena, m.id, id, in, alerts.Request{}); err != nil || i > 0 {
				return err
			}
			return t.scan(ctx, m, id, row[3])
		})
	}
	return nil
}

// paperID puts the child's id in the place of its number.
func (t *teller) paperID(m *matter, of string) (string, error) {
	id, place, each := strings.Cut(of, "#")
	if !each {
		return id, nil
	}
	child, err := t.childOf(m, place)
	return id + "." + child, err
}

func (t *teller) childOf(m *matter, place string) (string, error) {
	n, err := strconv.Atoi(place)
	c, ok := t.Desk.Board.Case(m.of.id)
	if err != nil || !ok || n < 1 || n > len(c.Children) {
		return "", fmt.Errorf("there is no child %q", place)
	}
	return c.Children[n-1].ID, nil
}

// scan adds a page that says what it would be, or the picture of the case.
func (t *teller) scan(ctx context.Context, m *matter, id, text string) error {
	file := partners.NewFile{Kind: "pdf", Name: "scan.pdf"}
	if text == "" {
		c, ok := t.Desk.Board.Case(m.of.id)
		if !ok || len(c.Photos) == 0 {
			return nil
		}
		p := c.Photos[0]
		jpeg, err := t.Desk.OpenPhoto(ctx, c, p.ID)
		if err != nil {
			return err
		}
		file = partners.NewFile{Kind: "jpeg", Name: "photo.jpg", Content: jpeg, Width: p.Width, Height: p.Height}
	} else {
		p := paper.New(paper.Options{Lang: pack.English, Title: text, At: t.now})
		p.Title(text)
		p.Text("Everybody and everything in this demonstration is invented.")
		var err error
		if file.Content, err = p.Bytes(); err != nil {
			return err
		}
	}
	_, err := t.Desk.AddFile(ctx, t.staff.jelena, m.id, id, file, alerts.Request{})
	return err
}

func (t *teller) writeForm(ctx context.Context, m *matter, lines [][]string) error {
	var in partners.FormAnswers
	for _, row := range lines {
		answer := pack.Answer{Field: row[1], Value: row[3]}
		if row[2] != "0" {
			child, err := t.childOf(m, row[2])
			if err != nil {
				return err
			}
			answer.Of = child
		}
		in.Answers = append(in.Answers, answer)
	}
	return t.Desk.WriteApplication(ctx, t.staff.jelena, m.id, in, alerts.Request{})
}

// sendPack makes the cover letter and the bundle for the central authority.
func (t *teller) sendPack(ctx context.Context, m *matter) error {
	ask := partners.LetterAsk{Template: "cover", InstitutionID: t.offices["Centralni organ Primerije"], Language: pack.Latin}
	draft, err := t.Desk.DraftLetter(ctx, t.staff.jelena, m.id, ask, lineOf)
	if err != nil {
		return err
	}
	letter, err := t.Desk.MakeLetter(ctx, t.staff.jelena, m.id, partners.NewLetter{
		LetterAsk: draft.LetterAsk, Addressee: draft.Addressee, Subject: draft.Subject, Body: draft.Body,
	}, alerts.Request{})
	if err != nil {
		return err
	}
	_, err = t.Desk.MakeBundle(ctx, t.staff.jelena, m.id, partners.NewBundle{
		Recipient: draft.Recipient, InstitutionID: ask.InstitutionID, Language: pack.Latin, Letter: letter.N,
	}, alerts.Request{})
	return err
}
