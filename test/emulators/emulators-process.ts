/** A process that runs the emulators on the folder given, says where on one line, and waits to be killed. */
import { startAll } from './start-all';

startAll(process.argv[2]!).then(
  ({ endpoints }) => console.log(JSON.stringify(endpoints)),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
