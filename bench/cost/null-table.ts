import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The process of `startNullTable`: a DynamoDB that takes every write and keeps nothing. Asked, it says how
// many requests came since the last time.

let requests = 0;
const server = createServer((request, response) => {
  requests++;
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end('{}');
  });
});
process.on('message', () => {
  process.send!(requests);
  requests = 0;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
