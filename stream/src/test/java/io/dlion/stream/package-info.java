/** Tests of sources, and a broker for tests of other modules. */
package io.dlion.stream;
