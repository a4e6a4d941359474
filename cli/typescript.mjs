// Lets Node run the project's TypeScript: `node --import ./cli/typescript.mjs FILE`.
//
// tsx keeps what it has compiled in the system's temporary folder, under a name that anybody can take first, and runs
// what it finds there. Without that it takes 0.2 s longer to start.
process.env.TSX_DISABLE_CACHE = '1';

// A command takes up to a second to load, and has no handler of its own before, or never gets one. As soon as it has one,
// that decides. 130 is what a shell says of a command that was interrupted.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (process.listenerCount(signal) > 1) return;
    process.stderr.write('Interrupted.\n');
    process.exit(130);
  });
}

await import('tsx');
