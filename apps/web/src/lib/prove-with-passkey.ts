import { api, describeFailure, type Failure } from './trpc.ts';
import { askForPasskey } from './webauthn.ts';

/** Has the person prove with a passkey that they are there: why it came to nothing, or null. */
export async function proveWithPasskey(): Promise<Failure | null> {
  try {
    const optionsJSON = await api.passkeys.startProof.mutate();
    const response = await askForPasskey({ optionsJSON });
    await api.passkeys.finishProof.mutate({ response });
    return null;
  } catch (error) {
    return describeFailure(error);
  }
}
