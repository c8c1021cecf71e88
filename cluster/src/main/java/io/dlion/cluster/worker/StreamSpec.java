package io.dlion.cluster.worker;

import io.dlion.core.stream.Inflow;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;

/**
 * The stream that a worker learns from.
 *
 * @param inflow brings its records
 * @param journal remembers where it stood
 * @param memory makes the memory for records, of so many bytes
 */
public record StreamSpec(
    Inflow inflow, StreamJournal journal, LongFunction<MemorySegment> memory) {}
