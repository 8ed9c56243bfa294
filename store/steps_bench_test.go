package store

import (
	"fmt"
	"testing"
	"time"
)

func BenchmarkStage5000(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			s := openAt(b, newAddress[name](b))
			var steps []Step
			for i := range int64(5000) {
				steps = append(steps, sampleStep(i/100, i%100))
			}
			i := 0
			for b.Loop() {
				i++
				set := fmt.Sprint("set", i)
				if err := s.CreateChangeSet(b.Context(), ChangeSet{ID: set, OrganizationID: int64(i), Subject: "toggl:1"}); err != nil {
					b.Fatal(err)
				}
				if err := s.StageSteps(b.Context(), set, steps); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSteps5000(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			s := openAt(b, newAddress[name](b))
			claimed(b, s, 5000)
			for b.Loop() {
				if steps, err := s.Steps(b.Context(), "set"); err != nil || len(steps) != 5000 {
					b.Fatal(len(steps), err)
				}
			}
		})
	}
}

// BenchmarkStageOne stages a cell in a set of 5,000.
func BenchmarkStageOne(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			s := openAt(b, newAddress[name](b))
			createSet(b, s, "set")
			var steps []Step
			for i := range int64(5000) {
				steps = append(steps, sampleStep(i, 7))
			}
			if err := s.StageSteps(b.Context(), "set", steps); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := s.StageStep(b.Context(), "set", sampleStep(1, 7)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkJournal50 begins and ends the 50 steps of one request.
func BenchmarkJournal50(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			s := openAt(b, newAddress[name](b))
			claimed(b, s, 50)
			var ids []int64
			var results []StepResult
			for id := range int64(50) {
				ids = append(ids, id+1)
				results = append(results, StepResult{ID: id + 1, State: StepRefused})
			}
			for b.Loop() {
				if err := s.BeginSteps(b.Context(), "set", "holder", ids); err != nil {
					b.Fatal(err)
				}
				if err := s.EndSteps(b.Context(), "set", "holder", results); err != nil {
					b.Fatal(err)
				}
				if err := s.RenewChangeSet(b.Context(), "set", "holder", time.Minute); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
