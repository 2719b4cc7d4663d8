// Ports of this machine for tests that listen, or that start something which does.
import * as net from "node:net";

/** On loopback, on any port that is free. */
export async function listening(server: net.Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as net.AddressInfo).port;
}

/** For a program that has to be told one. Somebody else could take it before that program does. */
export async function freePort(): Promise<number> {
    const server = net.createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
}
