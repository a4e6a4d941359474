/** A command without a handler for signals, as each one is while it is loaded. */
setInterval(() => {}, 1000);
console.log('ready');
