package handlers

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// exportTimeout bounds a whole export: 100,000 users at a request a second
	// take less than nine minutes.
	exportTimeout = 30 * time.Minute
	// exportStall is how long the next part of a file may take, from Toggl and to
	// the receiver.
	exportStall = requestTimeout + 30*time.Second
	// byteOrderMark makes Excel read a double-clicked file as UTF-8. Without it
	// "Łukasz" is mangled; what else reads CSV knows to skip it.
	byteOrderMark = "\ufeff"
)

// errCutShort ends an answer that began as a success and then failed: the
// connection is cut, so that no half file passes for a whole one.
var errCutShort = errors.New("answer cut short")

// A csvFile is a download that is written while its rows are read.
type csvFile[T any] struct {
	c       echo.Context
	name    string
	columns []csvColumn[T]
	writer  *csv.Writer
	record  []string
	rows    int
}

func newCSVFile[T any](c echo.Context, name string, columns []csvColumn[T]) *csvFile[T] {
	return &csvFile[T]{c: c, name: name, columns: columns, record: make([]string, len(columns))}
}

// begin writes the header. From here on the status is said.
func (f *csvFile[T]) begin() error {
	response := f.c.Response()
	response.Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8; header=present")
	response.Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+f.name+`"`)
	response.WriteHeader(http.StatusOK)
	if _, err := response.Write([]byte(byteOrderMark)); err != nil {
		return err
	}
	f.writer = csv.NewWriter(response)
	f.writer.UseCRLF = true
	for i, column := range f.columns {
		f.record[i] = column.name
	}
	return f.writer.Write(f.record)
}

// add writes rows and sends them off.
func (f *csvFile[T]) add(rows []T) error {
	if f.writer == nil {
		if err := f.begin(); err != nil {
			return err
		}
	}
	for _, row := range rows {
		for i, column := range f.columns {
			f.record[i] = column.value(row)
		}
		if err := f.writer.Write(f.record); err != nil {
			return err
		}
	}
	f.rows += len(rows)
	return f.send()
}

// send makes sure that what was written is under way.
func (f *csvFile[T]) send() error {
	connection := http.NewResponseController(f.c.Response())
	if err := giveTime(connection); err != nil {
		return err
	}
	f.writer.Flush()
	if err := f.writer.Error(); err != nil {
		return err
	}
	return connection.Flush()
}

// giveTime moves the server's limit for writing, which is for pages, by the time
// for the next part to be read from Toggl and to be taken.
func giveTime(connection *http.ResponseController) error {
	err := connection.SetWriteDeadline(time.Now().Add(exportStall))
	if errors.Is(err, http.ErrNotSupported) {
		return nil // then there is no limit to move either
	}
	return err
}

// cutShort says on the last line why the file ends there, and ends the answer
// in a way that no receiver takes for its end. Before the first byte the cause
// becomes a page like any other failure.
func (f *csvFile[T]) cutShort(expected, words string, cause error) error {
	if f.writer == nil {
		return cause
	}
	err := f.incomplete("stopped after " + strconv.Itoa(f.rows) + expected + " users: " + csvText(words))
	return errors.Join(fmt.Errorf("%w: %w", errCutShort, cause), err)
}

// incomplete says on the last line that the file isn't whole, and why.
func (f *csvFile[T]) incomplete(why string) error {
	clear(f.record)
	f.record[0] = "# INCOMPLETE: " + why
	return errors.Join(f.writer.Write(f.record), f.send())
}
