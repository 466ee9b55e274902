package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the binary may run where no zone data is

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "development"

// cli is the command line. Every flag has an environment twin: --listen is
// HOMEWARD_LISTEN.
type cli struct {
	Log string `help:"How much to log." enum:"debug,info,warn,error" default:"info"`

	Serve   serveCommand   `cmd:"" help:"Serve Homeward." default:"withargs"`
	Demo    demoCommand    `cmd:"" help:"Serve fictional data from a throw-away directory, with a sign-in for each role."`
	Listen  listenCommand  `cmd:"" help:"Receive a partner's alerts: one JSON line per frame."`
	Keys    keysCommand    `cmd:"" help:"Look after the installation's keys."`
	Regions regionsCommand `cmd:"" help:"Look after regions, such as districts and municipalities."`
	Places  placesCommand  `cmd:"" help:"Look after lists of streets and other places that the search by name finds."`
	Verify  verifyCommand  `cmd:"" help:"Prove that the journal is whole and every document is what its last change wrote."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// exitError is an error with an exit code of its own.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// console is where a command reads and writes.
type console struct {
	out, err io.Writer
	log      *slog.Logger
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out a command line and returns the exit code: 0 done, 1 failed, 2
// a wrong command line, others as a command says.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("homeward"), kong.Description("Missing children alert and search coordination."),
		kong.DefaultEnvars("HOMEWARD"), kong.Writers(stdout, stderr), kong.UsageOnError(),
		kong.Exit(func(code int) { exit = code; panic(exitNow{}) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(stderr, "homeward:", err)
		return 2
	}
	command, exited, err := parse(parser, args)
	if exited {
		return exit
	}
	if err != nil {
		fmt.Fprintln(stderr, "homeward:", err)
		return 2
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log))
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	err = command.Run(&console{stdout, stderr, log})
	var e exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		fmt.Fprintln(stderr, "homeward:", err)
		return e.code
	}
	fmt.Fprintln(stderr, "homeward:", err)
	return 1
}

// exitNow unwinds out of the parser when it wants to exit, after --help.
type exitNow struct{}

func parse(p *kong.Kong, args []string) (command *kong.Context, exited bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exitNow); !ok {
				panic(r)
			}
			exited = true
		}
	}()
	command, err = p.Parse(args)
	return command, false, err
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintln(c.out, "homeward", version)
	return err
}
