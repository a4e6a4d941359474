// For processes that measure themselves: loaded without a compiler, which would take more than what is measured.

exports.moment = () => ({ cpu: process.cpuUsage(), ms: performance.now() });

exports.between = (from, to) => {
  const cpu = to.cpu.user + to.cpu.system - from.cpu.user - from.cpu.system;
  return { cpuMs: cpu / 1000, ms: to.ms - from.ms };
};
