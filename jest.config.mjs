/** ESM throughout; workspaces are read from their sources, so that tests need no build. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', '@loa/source'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/dist/', '/node_modules/', '/\\.loa/'],
  modulePathIgnorePatterns: ['/dist/', '/\\.loa/', '/\\.nx/'],
  maxWorkers: 2,
  // On busy cores a worker with nothing left to do takes more than Jest's half second to give its memory back.
  workerGracefulExitTimeout: 10_000,
  testSequencer: './tools/testing/longest-first.mjs',
  testTimeout: 60_000,
};
