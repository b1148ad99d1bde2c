"""The command line: one file per group of commands; each reads, calls one public function, writes."""
