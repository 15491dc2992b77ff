import { render } from 'preact';
import { z } from 'zod/mini';
import { Options } from './options/Options.tsx';
import './shell/style.css';
import { language, speak } from './shell/words/words.ts';

// The content security policy allows no `eval`, and zod would try for one.
z.config({ jitless: true });

if (navigator.language.startsWith('en')) language.value = 'en';
void speak(language.value);
render(<Options />, document.body);
