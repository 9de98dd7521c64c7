// An archive needs one source of its own; the floors bring the rest.
