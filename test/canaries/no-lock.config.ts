import { withWrong } from './in-place-of.ts';

export default withWrong('../../src/outbox/world.ts', './no-lock.ts');
