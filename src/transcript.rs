//! Reading a transcript of the client: what the agent really did and saw.
