export const help = `Usage: npm run produce -- WHERE [WHAT] [HOW FAST] [OPTIONS]

  npm run produce -- --local                       a click a second to the pipeline of "npm start"
  npm run produce -- --stream clicks --rate 500 --duration 60
  npm run produce -- --stream clicks --input access.log.gz --format combined --ledger sent.ndjson
  npm run produce -- --stream clicks --input access.log.gz --format combined --resume sent.ndjson
  npm run produce -- --dry-run --seed 7 --count 100 > clicks.ndjson

Where
  --stream NAME | --stack NAME | --local [DIR]   a stream, the stack that has it, or this machine
  --region R, --profile P, --endpoint-url URL    otherwise as the AWS SDK finds them
What (default: generated clicks)
  --input FILE|-      a file (gzip too), standard input, or several in time order; --format
                      ndjson (default), combined, vhost_combined, common, json-access, cloudfront
  --exclude LIST      pages to leave out: assets (images, styles, …), .pdf, /health, /api/*
  --time T            original; now: moved so that the last is now; replay: gaps kept, --speed X
  --seed S            the same clicks for the same S; --site FILE: a site of your own
  --template FILE     JSON of any shape with placeholders; --partition-key FIELD (visitorId)
  --duplicates P, --late P, --malformed P, --oversized P     bad clients, a share P of the events
  --count N, --duration S                                    stop after N events, S seconds
How fast (default: generated 1 a second, each acknowledged; an input as fast as it goes)
  --rate N | --max    N events a second, or as fast as they go
Options
  --pack HOW          events to a record: ndjson (default, costs least), kpl, or none: one, for
                      consumers that expect that; --pack-bytes N; --linger MS: wait for company (50)
  --buffer MiB        events that wait, before reading does (32; unpacked 10,000 events)
  --retry-for S       how long an event is tried (300); --attempts N: and how often (no limit)
  --failed FILE       where failed events are kept (./failed-events-<time>.ndjson)
  --ledger FILE       what became of each event; --resume FILE: go on where that ledger ends
  --json              the summary as one JSON object; --json-lines: one a second before it
  --quiet             only the summary and errors; --dry-run: print events; -h, --help

Ctrl-C stops reading, sends what was read, and prints the summary.
Exit code: 0 all accepted, 1 some event was not, or no line is one, 2 wrong options or settings,
130 second Ctrl-C.
`;
