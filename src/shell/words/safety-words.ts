import { nbSafety } from './nb-safety.ts';
import { learn } from './words.ts';

learn(nbSafety);
