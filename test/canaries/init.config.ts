import { withWrong } from './in-place-of.ts';

export default withWrong('../../src/launch/memory.ts', './init.ts');
