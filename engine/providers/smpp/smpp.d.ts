/** What we use of the `smpp` package, which brings no types of its own. */
declare module "smpp" {
  import type { EventEmitter } from "node:events";

  export type Pdu = {
    readonly command: string;
    readonly command_status: number;
    readonly esm_class?: number;
    readonly source_addr?: string;
    readonly destination_addr?: string;
    readonly message_id?: string;
    readonly short_message?: { readonly message?: string | Uint8Array } | string;
    readonly receipted_message_id?: string;
    readonly message_state?: number;
    response(fields?: { readonly command_status?: number }): Pdu;
  };
  type Fields = { readonly [field: string]: string | number | Uint8Array };
  export interface Session extends EventEmitter {
    bind_transceiver(fields: Fields, answered: (pdu: Pdu) => void): boolean;
    submit_sm(fields: Fields, answered: (pdu: Pdu) => void): boolean;
    enquire_link(fields: Fields, answered: (pdu: Pdu) => void): boolean;
    unbind(fields: Fields, answered: (pdu: Pdu) => void): boolean;
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
  }
  const smpp: {
    connect(options: {
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
      readonly minVersion?: string;
      readonly ca?: string;
    }): Session;
  };
  export = smpp;
}
