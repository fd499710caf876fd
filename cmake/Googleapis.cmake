# Messages of the google.api and google.rpc packages; libprotobuf does not have them.
#   googleapis_pb      google.api.http, which every service's .proto imports
#   googleapis_rpc_pb  google.rpc.Status and its details, which carry an error's code over gRPC
mall_proto(googleapis_pb ROOT ${GOOGLEAPIS_DIR} PROTOS google/api/http.proto google/api/annotations.proto)
mall_proto(googleapis_rpc_pb ROOT ${GOOGLEAPIS_DIR} PROTOS google/rpc/status.proto google/rpc/error_details.proto)
