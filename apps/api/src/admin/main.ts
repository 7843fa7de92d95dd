import { keepCompiled } from '../process/keep-compiled.ts';

keepCompiled();
// Not a static import: that would be compiled first.
await import('./run.ts');
