package alerts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// policy is the table of the privacy policy, cell by cell: stages and, after a
// slash, what else is asked. A cell that is not here is "never".
func policy() map[Role]map[Class]string {
	desk := map[Class]string{P0: "DVRPHFCX/assigned", P1: "DVRPHFC/assigned", P2: "DVRPHF/assigned", P3: "DVRPHF/assigned", P4: "DVRPHF/assigned",
		P6: "DVRPHF/assigned", P7: "VRPHF/assigned", P8: "VRPHF/assigned allowed_by_tipster", P10: "DVRPHFCSEX/assigned"}
	coordinator := map[Class]string{P5: "DVRPHF/assigned", P9: "F/assigned step_up"}
	for c, cell := range desk {
		coordinator[c] = cell
	}
	return map[Role]map[Class]string{
		RolePublic:         {P0: "P/"},
		RoleTipster:        {P0: "P/", P7: "DVRPHFCSEX/own", P8: "DVRPHFCSEX/own"},
		RoleParent:         {P6: "DVRPHFCSEX/own"},
		RoleVolunteer:      {P0: "RP/assigned"},
		RoleTeamLeader:     {P0: "RP/assigned", P1: "RP/assigned"},
		RoleOperator:       desk,
		RoleCoordinator:    coordinator,
		RoleDutyOfficer:    {P0: "DVRPHFCX/", P1: "VRPHFC/", P2: "VRPHF/", P3: "VRPHF/", P4: "VRPHF/", P5: "VRPHF/", P6: "VRPHF/", P7: "VRPHF/", P8: "DVRPHFCSEX/break_glass", P9: "DVRPHFCSEX/break_glass", P10: "DVRPHFCSEX/"},
		RoleLegal:          {P1: "DVRPHFC/assigned", P3: "DVRPHF/assigned"},
		RolePoliceLiaison:  {P0: "VRPHFC/", P1: "VRPHFC/", P2: "VRPHF/", P3: "VRPHF/", P4: "VRPHF/", P5: "VRPHF/on_request", P6: "VRPHF/", P7: "VRPHF/", P8: "VRPHF/on_request", P9: "F/"},
		RolePrivacyOfficer: {P10: "DVRPHFCSEX/"},
		RoleAdministrator:  {},
		RolePartner:        {P0: "RP/assigned"},
		RolePartnerSearch:  {P0: "RP/assigned", P1: "RP/assigned"},
	}
}

func TestMatrixIsThePolicyCellByCell(t *testing.T) {
	t.Parallel()
	m := matrix(t)
	table := policy()
	for _, role := range Roles() {
		for _, class := range Classes() {
			stages, asked, _ := strings.Cut(table[role][class], "/")
			for i, state := range States() {
				for bits := range 32 {
					a := Actor{Role: role}
					held := map[string]bool{"assigned": bits&1 != 0, "own": bits&1 != 0, "step_up": bits&2 != 0,
						"allowed_by_tipster": bits&4 != 0, "break_glass": bits&8 != 0, "on_request": bits&16 != 0}
					if held["step_up"] {
						a.StepUpAt = time.Unix(1, 0)
					}
					want := strings.IndexByte(stages, stageLetters[i]) >= 0
					for word := range strings.FieldsSeq(asked) {
						want = want && held[word]
					}
					g := Grounds{Assigned: held["assigned"], Tipster: held["allowed_by_tipster"], BreakGlass: held["break_glass"], Requested: held["on_request"]}
					if got := m.MayOn(a, class, state, g); got != want {
						t.Fatalf("%s %s in %s with %v: %t, the policy says %t", role, class, state, held, got, want)
					}
				}
			}
		}
	}
}

func TestPartsAreNeverTheWhole(t *testing.T) {
	t.Parallel()
	m := matrix(t)
	for _, test := range []struct {
		role     Role
		class    Class
		state    State
		assigned bool
		want     string
	}{
		{RoleVolunteer, P1, StatePublic, true, "first_name_photo"},
		{RoleVolunteer, P1, StatePublic, false, ""},
		{RoleVolunteer, P1, StateFound, true, ""},
		{RolePartner, P1, StateActive, true, "name_photo"},
		{RolePartner, P1, StatePublic, true, ""},
		{RolePartner, P2, StateActive, true, "coarse"},
		{RoleParent, P2, StateVerifying, true, "own_entries"},
		{RoleAdministrator, P10, StateVerifying, false, "accounts"},
		{RoleCoordinator, P1, StatePublic, true, ""},
	} {
		a := Actor{Role: test.role}
		if got := m.Part(a, test.class, test.state, Grounds{Assigned: test.assigned}); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
		if test.want != "" && m.May(a, test.class, test.state, test.assigned) {
			t.Errorf("%+v: the part gives the whole", test)
		}
	}
}

func TestNobodyUnknownSeesAnything(t *testing.T) {
	t.Parallel()
	m := matrix(t)
	for _, a := range []Actor{{}, System(), {Role: "root"}} {
		for _, c := range append(Classes(), Ref, Kept, "P11", "") {
			for _, s := range append(States(), "", "unknown") {
				if m.MayOn(a, c, s, Grounds{true, true, true, true}) {
					t.Errorf("%q sees %s in %s", a.Role, c, s)
				}
			}
		}
	}
	if m.Can("root", "case.open") || m.Can(RoleCoordinator, "case.nothing") || m.Route(RoleAdministrator, "GET /nothing") {
		t.Error("what is not in the matrix is allowed")
	}
}

func TestAdministratorsReadNoCase(t *testing.T) {
	t.Parallel()
	m := matrix(t)
	for _, route := range m.Routes() {
		about := strings.Contains(route, "/cases") || strings.Contains(route, "/sightings") && !strings.Contains(route, "/public/") ||
			strings.Contains(route, "/contacts") || strings.Contains(route, "/abductions")
		if about && m.Route(RoleAdministrator, route) {
			t.Errorf("the administrator reaches %s", route)
		}
	}
	for _, act := range m.Acts() {
		if strings.HasPrefix(act, "case.") && m.Can(RoleAdministrator, act) {
			t.Errorf("the administrator may %s", act)
		}
	}
}

func TestMatrixRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	const head = "kind,role,subject,stages,condition\n"
	for name, rows := range map[string]string{
		"header":         "kind,role\n",
		"kind":           head + "wish,public,P0,P,\n",
		"role":           head + "class,root,P0,P,\n",
		"two roles":      head + "class,public tipster,P0,P,\n",
		"star for class": head + "class,*,P0,P,\n",
		"class":          head + "class,public,P11,P,\n",
		"stage":          head + "class,public,P0,Q,\n",
		"stage twice":    head + "class,public,P0,PP,\n",
		"no stage":       head + "class,public,P0,,\n",
		"never if":       head + "class,public,P0,-,assigned\n",
		"condition":      head + "class,public,P0,P,perhaps\n",
		"row twice":      head + "class,public,P0,P,\nclass,public,P0,P,\n",
		"never and":      head + "class,public,P0,P,\nclass,public,P0,-,\n",
		"act twice":      head + "act,legal,case.open,,\nact,legal,case.open,,\n",
		"act with stage": head + "act,legal,case.open,P,\n",
		"act of nobody":  head + "act,,case.open,,\n",
		"route":          head + "route,public,/x,,\n",
		"short row":      head + "route,public,GET /x\n",
		"incomplete":     head + "class,public,P0,P,\n",
	} {
		if _, err := readMatrix(strings.NewReader(rows)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// TestEveryActOfACommandIsInTheMatrix reads the sources for the acts that
// commands name, so that none is refused to everybody by a slip of the pen.
func TestEveryActOfACommandIsInTheMatrix(t *testing.T) {
	t.Parallel()
	known := matrix(t).Acts()
	for _, folder := range []string{".", "../partners"} {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				for _, act := range namedActs(call) {
					if !slices.Contains(known, act) {
						t.Errorf("%s names the act %q, which matrix.csv does not have", path, act)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// namedActs returns the texts like "case.open" among the arguments of a call
// that carries out or asks about an act.
func namedActs(call *ast.CallExpr) []string {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	if !slices.Contains([]string{"Do", "Can", "can", "may", "May", "changeAccount"}, name) {
		return nil
	}
	var out []string
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(s, ".") {
				out = append(out, s)
			}
		}
	}
	return out
}
