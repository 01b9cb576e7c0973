package a

//killcheck:ignore endless // want `reason is missing: want //killcheck:ignore endless // want.*`
func noReason() {}

//killcheck:ignore nosuchcheck -- a name that does not exist // want `unknown check "nosuchcheck"`
func unknownCheck() {}

//killcheck:ignroe endless -- a verb that does not exist // want `unknown directive "ignroe": want ignore or lifetime`
func unknownVerb() {}

//killcheck:lifetime request -- not a lifetime // want `unknown lifetime: want //killcheck:lifetime process -- reason`
func unknownLifetime() {}

//killcheck:ignore endless -- nothing is wrong here // want `unused directive: there is nothing to ignore here`
func unused() {}

//killcheck:lifetime process -- the engine decides whether it is needed
func lifetime() {}

// killcheck:ignore is no directive in a sentence.
func comment() {}

func blank(probe func()) {
	go func() {
		// killcheck:ignore endless -- a blank // want `blank after the slashes, so it has no effect: want //killcheck:ignore endless -- a blank`
		for {
			probe()
		}
	}()
}

func block(probe func()) {
	go func() {
		/*killcheck:ignore endless -- a block*/ // want `block comment, so it has no effect: want //killcheck:ignore endless -- a block`
		for {
			probe()
		}
	}()
}

func capital(probe func()) {
	go func() {
		//Killcheck:ignore endless -- a capital // want `name or colon is wrong, so it has no effect: want //killcheck:ignore endless -- a capital`
		for {
			probe()
		}
	}()
}

// killcheck ignore comments are no directives in a sentence.
func words() {}

func nolint(probe func()) {
	go func() {
		//nolint:killcheck // the form of golangci-lint
		for {
			probe()
		}
	}()
}

//nolint:errcheck,killcheck // nothing is wrong here // want `unused directive: there is nothing to ignore here`
func nolintUnused() {}

//nolint:errcheck // none of ours
func nolintOther() {}

func used(probe func()) {
	go func() {
		//killcheck:ignore endless -- needed, the check would report the loop
		for {
			probe()
		}
	}()
}

func usedInPart(probe func()) {
	go func() {
		//killcheck:ignore endless,heldlock -- one name is enough
		for {
			probe()
		}
	}()
}

//killcheck:ignore endless // want `reason is missing`
func withoutReason(probe func()) {
	go func() {
		for {
			probe()
		}
	}()
}
