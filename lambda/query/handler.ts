import { queryHandler } from './serve';

/** Everything that the table can answer; the pipeline's health is another function's. */
export const handler = queryHandler(process.env, async () => ({}));
