// An error that a person can act on: its message says what to do, so that no stack trace has to be read.
export class Refusal extends Error {
    constructor(message: string) {
        super(message);
        this.name = "Refusal";
    }
}
