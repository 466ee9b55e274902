package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"homeward/geo/search"
)

type placesCommand struct {
	Import placesImport `cmd:"" help:"Add streets and other public places to the search by name, from a CSV or GeoJSON file."`
	List   placesList   `cmd:"" help:"List the imported lists of places."`
	Drop   placesDrop   `cmd:"" help:"Remove an imported list of places."`
}

type placesImport struct {
	storeFlags
	Offline bool     `help:"Open the store itself; the server must not be running."`
	Name    string   `help:"Name of the list; one of that name is replaced. Default: the file's." placeholder:"NAME"`
	Credit  string   `help:"Whom to thank, shown where results stand, such as '© OpenStreetMap contributors (ODbL)'." placeholder:"TEXT"`
	Town    string   `help:"The town of places that name none." placeholder:"TOWN"`
	Country []string `help:"With --offline: countries that the organisation works in (ISO 3166-1), as for serve." default:"RS" placeholder:"CODE"`
	File    string   `arg:"" help:"CSV file (name,kind,town,lat,lon,other_names) or GeoJSON file of points and lines." type:"existingfile"`
}

// Run imports places, through the running server or offline.
func (p *placesImport) Run(c *console, ctx context.Context) error {
	if err := p.settle(); err != nil {
		return err
	}
	if i, err := os.Stat(p.File); err == nil && i.Size() > search.MaxFile {
		return fmt.Errorf("%w: it is larger than %d MiB; import it in parts", search.ErrFile, search.MaxFile>>20)
	}
	content, err := os.ReadFile(p.File)
	if err != nil {
		return err
	}
	f := placeFile{name: p.Name, credit: p.Credit, town: p.Town, content: content}
	if f.name == "" {
		f.name = listNameOf(filepath.Base(p.File))
	}
	if !p.Offline {
		q := url.Values{"name": {f.name}, "credit": {f.credit}, "town": {f.town}}
		return operate(ctx, c.out, p.State, http.MethodPost, "/places?"+q.Encode(), bytes.NewReader(content))
	}
	w, err := openWorld(ctx, p.storeFlags, worldOptions{countries: p.Country}, timeNow, c.log)
	if err != nil {
		return err
	}
	defer w.close()
	done, err := w.places.add(ctx, f)
	if err != nil {
		return err
	}
	return tellPlaces(c.out, done)
}

type placesList struct {
	storeFlags
	Offline bool `help:"Open the store itself; the server must not be running."`
}

// Run prints the lists.
func (p *placesList) Run(c *console, ctx context.Context) error {
	if err := p.settle(); err != nil {
		return err
	}
	if !p.Offline {
		return operate(ctx, c.out, p.State, http.MethodGet, "/places", nil)
	}
	w, err := openWorld(ctx, p.storeFlags, worldOptions{}, timeNow, c.log)
	if err != nil {
		return err
	}
	defer w.close()
	lists, err := w.places.all(ctx)
	if err != nil {
		return err
	}
	return tellLists(c.out, lists)
}

type placesDrop struct {
	storeFlags
	Offline bool   `help:"Open the store itself; the server must not be running."`
	Name    string `arg:"" help:"Name of the list."`
}

// Run removes a list.
func (p *placesDrop) Run(c *console, ctx context.Context) error {
	if err := p.settle(); err != nil {
		return err
	}
	if !p.Offline {
		return operate(ctx, c.out, p.State, http.MethodDelete, "/places?"+url.Values{"name": {p.Name}}.Encode(), nil)
	}
	w, err := openWorld(ctx, p.storeFlags, worldOptions{}, timeNow, c.log)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.places.drop(ctx, p.Name); err != nil {
		return err
	}
	return tellDropped(c.out, p.Name)
}

func tellPlaces(out io.Writer, done importedPlaces) error {
	_, err := fmt.Fprintf(out, "%d places imported as %q.\n", done.list.Places, done.list.Name)
	if err == nil && done.unnamed > 0 {
		_, err = fmt.Fprintf(out, "%d features without a name were left out.\n", done.unnamed)
	}
	if err == nil && done.list.Credit == "" {
		_, err = fmt.Fprintln(out, "Nobody is credited. If the places come from OpenStreetMap, import them again with --credit '© OpenStreetMap contributors (ODbL)'.")
	}
	return err
}

func tellLists(out io.Writer, lists []placeList) error {
	if len(lists) == 0 {
		_, err := fmt.Fprintln(out, "No list of places has been imported.")
		return err
	}
	for _, l := range lists {
		if _, err := fmt.Fprintf(out, "%s\t%d places\t%s\t%s\n", l.Name, l.Places, l.Imported.Format("2006-01-02"), l.Credit); err != nil {
			return err
		}
	}
	return nil
}

func tellDropped(out io.Writer, name string) error {
	_, err := fmt.Fprintf(out, "The list %q was removed.\n", name)
	return err
}

// placesOperated answers the operators' commands on lists of places.
func (w *world) placesOperated(mux *http.ServeMux) {
	mux.HandleFunc("POST /places", func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		content, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, search.MaxFile))
		var done importedPlaces
		if err == nil {
			done, err = w.places.add(r.Context(), placeFile{q.Get("name"), q.Get("credit"), q.Get("town"), content})
		}
		if err == nil {
			w.log.Info("places imported", "places", done.list.Places)
		}
		answerOperator(rw, err, func(out io.Writer) error { return tellPlaces(out, done) })
	})
	mux.HandleFunc("GET /places", func(rw http.ResponseWriter, r *http.Request) {
		lists, err := w.places.all(r.Context())
		answerOperator(rw, err, func(out io.Writer) error { return tellLists(out, lists) })
	})
	mux.HandleFunc("DELETE /places", func(rw http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		err := w.places.drop(r.Context(), name)
		answerOperator(rw, err, func(out io.Writer) error { return tellDropped(out, name) })
	})
}
