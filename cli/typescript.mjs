// Lets Node run the project's TypeScript: `node --import ./cli/typescript.mjs FILE`.
//
// tsx keeps what it has compiled in the system's temporary folder, under a name that anybody can take first, and runs
// what it finds there. Without that it takes 0.2 s longer to start.
process.env.TSX_DISABLE_CACHE = '1';
await import('tsx');
