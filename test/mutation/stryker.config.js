// `npm run mutation`: more than a thousand small faults, one at a time, in the modules that decide whose record it is, what has
// been sent and what a screen says is known. At least 85 of 100 must make a test fail (CATALOGUE Q09).

/** What counts as this patient's, and when nothing may be written. */
const context = ['src/record/{sift,frozen}.ts'];

/** What was pressed, and whether it has arrived. */
const outbox = [
  'src/outbox/{waiting,row,turn,whose,item}.ts',
  'src/outbox/{there-already,same-content,outgoing,links}.ts',
];

/** The nine states of knowledge, and the sentences for them. */
const stateModel = ['src/record/{section,sections}.ts', 'src/shell/state-view.ts'];

export default {
  mutate: [...context, ...outbox, ...stateModel],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 5_000,
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { reportTests: false },
  thresholds: { high: 90, low: 85, break: 85 },
  // Read with the API of TypeScript, which version 7 does not have: where there is no such file, it is not asked for.
  tsconfigFile: 'none.json',
  ignorePatterns: ['/bench', '/dist', '/docs', '/test-results', '/test/journeys', '/test/kill'],
};
