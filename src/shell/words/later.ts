import { nbLater } from './nb-later.ts';
import { learn } from './words.ts';

learn(nbLater);
