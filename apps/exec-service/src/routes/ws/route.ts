import type { WebSocket } from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { keepAlive } from "../sockets.ts";
import { MessageSession } from "./session.ts";

/** GET /ws: requests as messages, answered as they end. */
export async function wsRoute(app: FastifyInstance, services: Services): Promise<void> {
  app.get("/ws", { websocket: true }, (socket: WebSocket, request) => {
    const session = new MessageSession(socket, services, request.log);
    keepAlive(socket, services.sockets);
    socket.on("message", (data: Buffer) => session.receive(data));
    socket.on("close", () => session.end());
  });
}
