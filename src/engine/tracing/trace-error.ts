/** Why a function cannot be traced. The caller goes on eagerly, or says so and stops. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  /** The layer at fault, where known. */
  readonly layer: string | undefined;

  /** `reason` reads as the end of "cannot be traced: …". */
  constructor(reason: string, layer?: string) {
    super(layer === undefined ? reason : `${reason} (in layer ${layer})`);
    this.layer = layer;
  }
}
