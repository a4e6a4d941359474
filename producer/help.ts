export const help = `Usage: npm run produce -- WHERE [WHAT] [HOW FAST] [OPTIONS]

  npm run produce -- --local                     a click a second to the pipeline of "npm start"
  npm run produce -- --stack clickstream-dev-stream       the same to the stream of a deployed stack
  npm run produce -- --stream clicks --rate 500 --duration 60
  npm run produce -- --local --input access.log --format combined --time now
  npm run produce -- --dry-run --seed 7 --count 100 > clicks.ndjson

Where
  --stream NAME | --stack NAME | --local [DIR]   a stream, the stack that has it, or this machine
  --region R, --profile P, --endpoint-url URL    otherwise as the AWS SDK finds them

What (default: generated clicks)
  --seed S                   the same clicks for the same S, from 2026-01-01 on unless --time now
  --input FILE|-             events from a file or standard input
  --format ndjson|combined   a JSON object a line (default), or an Apache/nginx combined log
  --time original|now        timestamps as they are, or all moved so that the last one is now
  --count N                  stop after N events
  --duration S               stop after S seconds

How fast (default: generated 1 a second, each acknowledged; an input as fast as it goes)
  --rate N                   N events a second
  --max                      as fast as they go

Options
  --attempts N               attempts for one event before it counts as failed (10)
  --failed FILE              where failed events are kept (./failed-events-<time>.ndjson)
  --json                     the summary as one JSON object, and nothing else on standard output
  --dry-run                  print the events, send nothing
  -h, --help

Ctrl-C stops reading, sends what was read, and prints the summary.
Exit code: 0 all accepted, 1 some event was not, 2 wrong options or settings, 130 second Ctrl-C.
`;
