// Part of `npm test`: the app loses and doubles nothing, and the same trial catches one that does (CATALOGUE W04, Q10).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SECONDS = '60';

function trial(...how: string[]): number | null {
  console.log(`── kill ${how.join(' ')}`);
  const kill = fileURLToPath(new URL('kill.ts', import.meta.url));
  const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url));
  return spawnSync(process.execPath, [tsx, kill, '--seconds', SECONDS, ...how], {
    stdio: 'inherit',
  }).status;
}

const real = trial('200');
const naive = trial('--naive', '40');
if (real !== 0) console.log('An evaluation was lost, doubled or torn, or nothing was proven.');
if (naive !== 1) console.log('The delivery that is wrong on purpose was not caught.');
process.exitCode = real === 0 && naive === 1 ? 0 : 1;
