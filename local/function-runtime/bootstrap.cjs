'use strict';

// Runs inside a function's process: plain JavaScript, since nothing of the laptop's own tooling is loaded
// beside the bundled asset. It follows AWS's Node.js runtime interface client where a handler can see it.

const { existsSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

/** AWS docs: "Lambda quotas", and the service's own message, which names this number. */
const longestAnswerBytes = 6_291_556;

/** The request being worked on, for errors that come out of the event loop. */
let requestId;

// The parent is gone, however it went.
process.once('disconnect', () => process.exit());
// Ctrl-C in a terminal reaches every process in it; the parent wants to finish its work first.
process.on('SIGINT', () => {});

function describe(error) {
  if (error instanceof Error) return { errorType: error.name, errorMessage: error.message };
  return { errorType: typeof error, errorMessage: String(error) };
}

function log(failure, stack) {
  console.error(
    JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', requestId, ...failure, stack }),
  );
}

function die(failure, error, exitCode) {
  log(failure, error?.stack);
  process.send({ kind: 'failed', fatal: true, requestId, ...failure }, () => process.exit(exitCode));
}

process.on('uncaughtException', (error) => die(describe(error), error, 129));
process.on('unhandledRejection', (reason) =>
  die({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }, reason, 128),
);

class InitError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

async function loadHandler(taskRoot, handler) {
  // `folder/file.export.path`: the file's name ends at its first dot.
  const [file, ...path] = basename(handler).split('.');
  const module = join(taskRoot, dirname(handler), file);
  const found = ['.js', '.mjs', '.cjs'].map((extension) => module + extension).find(existsSync);
  if (!found) throw new InitError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const loaded = found.endsWith('.mjs') ? await import(pathToFileURL(found).href) : require(found);
  const exported = path.reduce((value, name) => value?.[name], loaded);
  if (typeof exported !== 'function') {
    throw new InitError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (exported.length >= 3) {
    throw new InitError(
      'Runtime.CallbackHandlerDeprecated',
      'Callback-based handlers are not supported from Node.js 24 on: use an async handler',
    );
  }
  return exported;
}

function contextOf(request) {
  const variables = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: variables.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: request.functionArn,
    memoryLimitInMB: variables.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: request.requestId,
    logGroupName: variables.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: variables.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, request.deadline - Date.now()),
  };
}

function toJson(answer) {
  try {
    return JSON.stringify(answer) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function invoke(handler, request) {
  requestId = request.requestId;
  try {
    const json = toJson(await handler(JSON.parse(request.eventJson), contextOf(request)));
    const bytes = Buffer.byteLength(json);
    if (bytes > longestAnswerBytes) {
      const error = new Error(
        `Response payload size exceeded maximum allowed payload size (${longestAnswerBytes} bytes).`,
      );
      error.name = 'Function.ResponseSizeTooLarge';
      throw error;
    }
    process.send({ kind: 'returned', requestId, json, bytes });
  } catch (error) {
    const failure = describe(error);
    log(failure, error?.stack);
    process.send({ kind: 'failed', fatal: false, requestId, ...failure });
  }
  requestId = undefined;
}

loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER).then(
  (handler) => {
    process.on('message', (request) => invoke(handler, request));
    process.send({ kind: 'ready' });
  },
  (error) => {
    const isSyntaxError = error instanceof SyntaxError;
    const isMissingModule = error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND';
    const failure = {
      ...describe(error),
      ...(isSyntaxError ? { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: String(error) } : {}),
      ...(isMissingModule ? { errorType: 'Runtime.ImportModuleError', errorMessage: String(error) } : {}),
    };
    die(failure, error, 1);
  },
);
