export const help = `Usage: npm run produce -- WHERE [WHAT] [HOW FAST] [OPTIONS]

  npm run produce -- --local                       a click a second to the pipeline of "npm start"
  npm run produce -- --stream clicks --rate 500 --duration 60
  npm run produce -- --stream clicks --input access.log.gz --format combined --ledger sent.ndjson
  npm run produce -- --stream clicks --input access.log.gz --format combined --resume sent.ndjson
  npm run produce -- --dry-run --seed 7 --count 100 > clicks.ndjson

Where
  --stream NAME | --stack NAME | --local [DIR]   a stream, the stack that has it, or this machine
  --region R, --profile P, --endpoint-url URL    default: as the AWS SDK finds them
What (default: generated clicks)
  --input FILE|-      a file (plain or gzip) or standard input; several are merged by time
  --format F          ndjson (default), combined, vhost_combined, common, json-access, cloudfront
  --exclude LIST      pages to leave out: assets (images, styles, …), .pdf, /health, /api/*
  --time T            original; now: moved so that the last event is now; replay: with the gaps
                      between events, --speed X times as fast
  --seed S            the same clicks, from 2026-01-01 on, for the same seed; --site FILE: your site
  --template FILE     JSON with placeholders, keyed by --partition-key FIELD (visitorId)
  --duplicates P, --late P, --malformed P, --oversized P     a share P of bad events of each kind
  --count N, --duration S                                    stop after N events, S seconds
How fast (default: generated clicks 1 a second, each printed; files as fast as possible)
  --rate N | --max    N events a second, or as fast as possible
Options
  --pack HOW          events in a record: ndjson (many, cheapest; default), kpl (many), none (one)
  --pack-bytes N, --linger MS   size of a packed record, and how long an event waits for others (50)
  --buffer MiB        memory for events that wait; then reading pauses (32; unpacked 10,000 events)
  --retry-for S, --attempts N   give an event up after S seconds (300) or N attempts (no limit)
  --failed FILE       keeps the events that were given up (./failed-events-<time>.ndjson)
  --ledger FILE       records what became of each event; --resume FILE continues such a run
  --json, --json-lines          the summary as JSON; with a line of progress each second
  --quiet             print the summary and errors only
  --dry-run           print the events, send nothing
  -h, --help

Ctrl-C stops reading, sends what was read and prints the summary. A second Ctrl-C ends at once.
Exit codes: 0 all events accepted; 1 an event failed, or no line of the input is an event;
2 wrong options or settings; 130 ended by a second Ctrl-C.
`;
