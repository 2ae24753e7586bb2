package io.s3dlio.azure;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Conditions;
import io.s3dlio.rest.Dialect;
import io.s3dlio.rest.Failures;
import java.util.HashMap;
import java.util.Map;

/**
 * What Azure's error codes mean (<a
 * href="https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes">Blob service
 * error codes</a>).
 */
final class AzureErrors implements Dialect {

  static final AzureErrors TABLE = new AzureErrors();

  static final Conditions.Refusals REFUSALS = e -> AnswerException.hasCode(e, "BlobNotFound");

  private static final Map<String, Kind> KINDS = new HashMap<>();

  static {
    put(Kind.NOT_FOUND, "BlobNotFound", "ContainerNotFound", "ResourceNotFound");
    put(Kind.ALREADY_EXISTS, "BlobAlreadyExists", "ContainerAlreadyExists");
    put(
        Kind.PRECONDITION_FAILED,
        "ConditionNotMet",
        "SourceConditionNotMet",
        "TargetConditionNotMet",
        "CannotVerifyCopySource");
    put(Kind.RANGE_NOT_SATISFIABLE, "InvalidRange");
    put(
        Kind.UNAUTHENTICATED,
        "AuthenticationFailed",
        "InvalidAuthenticationInfo",
        "NoAuthenticationInformation");
    put(
        Kind.PERMISSION_DENIED,
        "AccountIsDisabled",
        "AuthorizationFailure",
        "AuthorizationPermissionMismatch",
        "AuthorizationProtocolMismatch",
        "AuthorizationResourceTypeMismatch",
        "AuthorizationServiceMismatch",
        "AuthorizationSourceIPMismatch",
        "BlobImmutableDueToPolicy",
        "InsufficientAccountPermissions",
        "LeaseIdMissing",
        "PublicAccessNotPermitted");
    put(Kind.THROTTLED, "ServerBusy");
    put(Kind.TIMEOUT, "OperationTimedOut");
    put(
        Kind.UNAVAILABLE,
        "AccountBeingCreated",
        "ContainerBeingDeleted",
        "InternalError",
        "InvalidBlockList");
    put(Kind.CHECKSUM_MISMATCH, "Crc64Mismatch", "Md5Mismatch");
    put(
        Kind.UNSUPPORTED,
        "ApiNotSupportedForAccount",
        "BlobArchived",
        "BlobBeingRehydrated",
        "FeatureVersionMismatch",
        "UnsupportedHeader",
        "UnsupportedHttpVerb",
        "UnsupportedQueryParameter");
    put(
        Kind.INVALID,
        "EmptyMetadataKey",
        "InvalidBlobType",
        "InvalidHeaderValue",
        "InvalidMetadata",
        "InvalidQueryParameterValue",
        "InvalidResourceName",
        "InvalidUri",
        "MetadataTooLarge",
        "OutOfRangeInput",
        "RequestBodyTooLarge",
        "RequestUrlFailedToParse");
  }

  private AzureErrors() {}

  private static void put(Kind kind, String... codes) {
    for (String code : codes) {
      KINDS.put(code, kind);
    }
  }

  @Override
  public AnswerException read(Answer answer) {
    String code = answer.head().header("x-ms-error-code").orElse("");
    String[] said = {"", ""};
    try {
      said = AzureXml.error(answer.body());
    } catch (IllegalArgumentException e) {
      // Not of Azure: a proxy's page, say. The status has to do.
    }
    return new AnswerException(
        answer.head(), code.isEmpty() ? said[0] : code, said[1].lines().findFirst().orElse(""));
  }

  @Override
  public ObjectStoreException meaning(Call call, AnswerException answer) {
    Kind kind = KINDS.getOrDefault(answer.code(), Failures.kindOf(answer.status()));
    return ObjectStoreException.of(
        kind, call.operation(), call.uri(), detail(call, answer, kind), answer);
  }

  /** The error of one object in a batch. */
  static ObjectStoreException ofObject(Call call, ObjectUri uri, AnswerException answer) {
    Kind kind = KINDS.getOrDefault(answer.code(), Failures.kindOf(answer.status()));
    return ObjectStoreException.of(
        kind, call.operation(), uri, call.where() + " answers " + answer.getMessage(), answer);
  }

  private static String detail(Call call, AnswerException answer, Kind kind) {
    String where = call.where();
    String container = Place.of(call.uri()).container();
    return switch (answer.code()) {
      case "ContainerNotFound" ->
          "container `%s` not found at %s; `s3dlio buckets az://%s` lists what is there"
              .formatted(container, where, Place.of(call.uri()).account());
      case "BlobNotFound" -> "no such object at " + where;
      case "ContainerAlreadyExists" ->
          "container `%s` exists already at %s".formatted(container, where);
      case "ContainerBeingDeleted" ->
          "container `%s` at %s is being deleted; its name is free again in about a minute"
              .formatted(container, where);
      case "AuthenticationFailed" ->
          "%s does not accept the credentials: check account name and key, that a shared access"
                  .formatted(where)
              + " signature has not ended, and the clock of this machine";
      case "InvalidBlockList" ->
          "the blocks are gone at %s: another write of this object ended first and took them along, or somebody has removed them; write it again"
              .formatted(where);
      case "BlobArchived", "BlobBeingRehydrated" ->
          "the object is archived and has to be brought back first (%s)".formatted(where);
      case "LeaseIdMissing" -> "somebody holds a lease on the object at " + where;
      default -> unnamed(where, answer, kind);
    };
  }

  private static String unnamed(String where, AnswerException answer, Kind kind) {
    return switch (kind) {
      case PRECONDITION_FAILED ->
          "the object at %s is not the one that the condition names".formatted(where);
      case RANGE_NOT_SATISFIABLE -> "the range selects no byte of the object at " + where;
      case ALREADY_EXISTS -> "there is an object already at " + where;
      case NOT_FOUND -> "no such object or container at " + where;
      case PERMISSION_DENIED ->
          "%s does not allow it with these credentials (%s)".formatted(where, answer.getMessage());
      default -> where + " answers " + answer.getMessage();
    };
  }
}
