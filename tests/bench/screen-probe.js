// Runs in the page, before its own scripts: keeps the time between frames, long tasks and slow events.
globalThis.screenProbe = { frames: [], tasks: [], events: [] };
let last = performance.now();
const onFrame = (now) => {
  globalThis.screenProbe.frames.push(now - last);
  last = now;
  requestAnimationFrame(onFrame);
};
requestAnimationFrame(onFrame);
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) globalThis.screenProbe.tasks.push(entry.duration);
}).observe({ type: 'longtask' });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.interactionId) globalThis.screenProbe.events.push(entry.duration);
  }
}).observe({ type: 'event', durationThreshold: 16 });
