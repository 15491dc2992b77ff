import { nbPlan } from './nb-plan.ts';
import { learn } from './words.ts';

learn(nbPlan);
