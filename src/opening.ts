// The panel's first script: the places for what will come are painted before the app is read and run, which would otherwise
// stand between the press and the first paint. A panel nobody sees has nothing to open (docs/performance.md).
requestAnimationFrame(() => setTimeout(() => void import('./main.tsx')));
