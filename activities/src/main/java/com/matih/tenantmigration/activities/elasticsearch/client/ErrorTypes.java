package com.matih.tenantmigration.activities.elasticsearch.client;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the status of an answer and the type of its error mean: whether the same call may succeed
 * when it is tried again, and which failure it is. The types are the ids that Elasticsearch gives
 * its exceptions.
 *
 * <p>A type decides before the status, since Elasticsearch answers 500 to much that is final. A
 * type that is not listed is decided by the status.
 */
final class ErrorTypes {

  /** A state of the cluster, a node or a shard. */
  static final Set<String> PASSING =
      words(
          """
          timeout_exception process_cluster_event_timeout_exception receive_timeout_transport_exception
          search_timeout_exception circuit_breaking_exception es_rejected_execution_exception
          no_shard_available_action_exception unavailable_shards_exception no_such_node_exception
          primary_missing_action_exception failed_node_exception no_node_available_exception
          not_master_exception master_not_discovered_exception health_node_not_discovered_exception
          node_closed_exception node_health_check_failure_exception node_not_connected_exception
          node_disconnected_exception connect_transport_exception bind_transport_exception
          send_request_transport_exception response_handler_failure_transport_exception
          remote_transport_exception transport_exception action_transport_exception
          no_seed_node_left_exception http_request_on_transport_exception bind_http_exception
          retry_on_primary_exception retry_on_replica_exception no_longer_primary_shard_exception
          shard_not_in_primary_mode_exception broadcast_shard_operation_failed_exception
          incompatible_cluster_state_version_exception coordination_state_rejected_exception
          failed_to_commit_cluster_state_exception illegal_shard_routing_state_exception
          shard_lock_obtain_failed_exception execution_cancelled_exception task_cancelled_exception
          illegal_index_shard_state_exception index_shard_closed_exception
          index_shard_not_recovering_exception index_shard_not_started_exception
          index_shard_recovering_exception index_shard_recovery_exception
          index_shard_relocated_exception index_shard_started_exception shard_not_found_exception
          index_primary_shard_not_allocated_exception delay_recovery_exception peer_recovery_not_found
          recover_files_recovery_exception recovery_commit_too_new_exception recovery_failed_exception
          engine_exception engine_creation_failure_exception flush_failed_engine_exception
          recovery_engine_exception refresh_failed_engine_exception engine_closed_exception
          already_closed_exception search_context_missing_exception
          search_context_missing_nodes_exception too_many_scroll_contexts_exception
          snapshot_in_progress_exception concurrent_snapshot_execution_exception
          snapshot_exception snapshot_restore_exception version_mismatch_exception
          not_persistent_task_node_exception persistent_task_node_not_assigned_exception
          autoscaling_missed_indices_update_exception retention_lease_already_exists_exception
          retention_lease_not_found_exception retention_lease_invalid_retaining_seq_no_exception
          repository_conflict_exception blob_store_exception version_conflict_exception
          uncategorized_execution_exception translog_exception resource_already_exists_exception
          """);

  /** What is there, or how it was asked for. */
  static final Set<String> FINAL =
      words(
          """
          parse_exception parsing_exception generation_exception timestamp_parsing_exception
          alias_filter_parsing_exception x_content_parse_exception
          json_parse_exception mapper_exception mapper_parsing_exception document_parsing_exception
          strict_dynamic_mapping_exception routing_missing_exception routing_exception
          illegal_argument_exception action_request_validation_exception validation_exception
          number_format_exception input_coercion_exception max_bytes_length_exceeded_exception
          resource_already_uploaded_exception
          resource_not_found_exception document_missing_exception document_source_missing_exception
          index_closed_exception index_creation_exception index_template_missing_exception
          invalid_alias_name_exception invalid_index_name_exception invalid_index_template_exception
          invalid_type_name_exception type_missing_exception aliases_not_found_exception
          failure_index_not_supported_exception exception_with_failure_store_status
          settings_exception no_class_settings_exception query_shard_exception
          script_exception general_script_exception ingest_pipeline_exception
          ingest_processor_exception graph_structure_exception aggregation_execution_exception
          invalid_path aggregation_initialization_exception invalid_aggregation_path_exception
          too_many_buckets_exception unsupported_aggregation_on_downsampled_index
          api_not_available_exception not_serializable_exception_wrapper
          not_serializable_transport_exception transport_serialization_exception
          action_not_found_transport_exception no_such_remote_cluster_exception
          repository_exception repository_missing_exception repository_verification_exception
          snapshot_missing_exception invalid_snapshot_name_exception
          snapshot_name_already_in_use_exception index_shard_restore_exception
          index_shard_restore_failed_exception index_shard_snapshot_exception
          index_shard_snapshot_failed_exception translog_corrupted_exception
          truncated_translog_exception http_headers_validation_exception
          """);

  /** What says nothing by itself, or means what its status says. */
  static final Set<String> BY_STATUS =
      words(
          """
          exception status_exception http_exception remote_exception search_exception
          security_exception role_restriction_exception authentication_processing_error
          search_phase_execution_exception reduce_search_phase_exception
          dfs_phase_execution_exception fetch_phase_execution_exception query_phase_execution_exception
          index_not_found_exception version_conflict_engine_exception cluster_block_exception
          """);

  private static final String BLOCK = "cluster_block_exception";

  private ErrorTypes() {}

  private static Set<String> words(String text) {
    return Pattern.compile("\\s+")
        .splitAsStream(text.strip())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A block that somebody, or the disk's flood stage, put there; not one of a cluster's start. */
  static boolean isBlock(int status, String type) {
    return type.equals(BLOCK) && status < 500;
  }

  /**
   * The failure.
   *
   * @param type the error's type; empty where the answer names none
   */
  static FailureType typeOf(int status, String type) {
    if (isBlock(status, type)) {
      // what blocks writes is lifted by a person: even after the flood stage, room must be made
      return FailureType.STORE_BLOCKED;
    }
    if (status == 401 || status == 403) {
      return FailureType.PERMISSION_DENIED;
    }
    if (status == 507) {
      return FailureType.STORE_BLOCKED;
    }
    if (PASSING.contains(type)) {
      return FailureType.STORE_ERROR;
    }
    if (FINAL.contains(type)) {
      return FailureType.NOT_MOVABLE;
    }
    return switch (status) {
      case 400, 405, 406, 410, 411, 413, 414, 415, 422 -> FailureType.NOT_MOVABLE;
      // without a type it is the answer of a proxy that has lost its cluster
      case 404 -> type.isEmpty() ? FailureType.STORE_ERROR : FailureType.SOURCE_CHANGED;
      default -> FailureType.STORE_ERROR;
    };
  }
}
