import { watchSession } from './session-state.ts';

watchSession();
