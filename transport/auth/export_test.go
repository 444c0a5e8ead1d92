package auth

// Forget makes every remembered token void, as a change of keys does.
func (v *Verifier) Forget() { v.generation.Add(1) }
