package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.services.SampleService;
import com.matih.tenantmigration.workflow.CheckName;

/** Something that goes wrong while a tenant is copied, and that a check is there to find. */
@FunctionalInterface
public interface Fault {

  /** Does the damage, through plain clients; called once, after the copy and before the checks. */
  void plant(Scene scene);

  /** The fault that a check finds. */
  static Fault foundBy(CheckName check) {
    return switch (check) {
      case ROW_COUNT -> RowFaults::deleteARow;
      case PRIMARY_KEY_CHECKSUM -> RowFaults::changeAKey;
      case ROW_CONTENT -> RowFaults::changeAColumn;
      case QUERY_TEST -> RowFaults::changeAStatus;
      case STORAGE_REFERENCES -> RowFaults::pointAReferenceBack;
      case TENANT_LEAK -> LeakFaults::letAForeignThingIn;
      case OBJECT_COUNT -> ObjectFaults::deleteAnObject;
      case OBJECT_SIZE -> ObjectFaults::appendAByte;
      case OBJECT_CHECKSUM -> ObjectFaults::swapTwoOfTheSameSize;
      case RECORD_CONTENT -> RecordFaults::addARecord;
      case SOURCE_QUIET -> RecordFaults::writeOnTheSharedSide;
      case DOCUMENT_CONTENT -> DocumentFaults::changeADocument;
      case CACHE_CONTENT -> CacheFaults::cacheAnothersValue;
      case API_HEALTH -> scene -> scene.services().breakDown(SampleService.EVENT);
    };
  }
}
