import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The process of `startNullTable`: a DynamoDB that takes every update and keeps nothing.

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end('{}');
  });
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
