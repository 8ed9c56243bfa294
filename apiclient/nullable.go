package apiclient

// Nullable is a field of an update that can be left as it is (the zero value),
// set to a value, or cleared.
type Nullable[T any] struct {
	value *T
	set   bool
}

// Set is a field with a value.
func Set[T any](value T) Nullable[T] { return Nullable[T]{value: &value, set: true} }

// Clear is a field without a value: null.
func Clear[T any]() Nullable[T] { return Nullable[T]{set: true} }

// IsZero reports whether the field stays as it is.
func (n Nullable[T]) IsZero() bool { return !n.set }

// MarshalJSON writes the value, or null.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return marshal(n.value) }
