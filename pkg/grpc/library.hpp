#pragma once

namespace pkg::grpc {

/// Sets the gRPC library up for the process: its threads rest while nothing is to be done, and servers answer health checks. The first
/// server or channel does it; a program that has other threads by then does it before it starts them, as it sets a variable of the
/// environment where that is not set already (GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS).
void prepare_library();

}  // namespace pkg::grpc
