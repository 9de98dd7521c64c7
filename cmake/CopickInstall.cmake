# cmake --install: the public headers, the library, and the files by which CMake and pkg-config find it.
include(CMakePackageConfigHelpers)
set(COPICK_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/copick)

install(TARGETS copick EXPORT copickTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/copick DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET copick_command)
  install(TARGETS copick_command)
endif()
if(TARGET copick_smb)
  install(TARGETS copick_smb)
endif()

install(EXPORT copickTargets NAMESPACE copick:: DESTINATION ${COPICK_CMAKE_DIR})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/copickConfig.cmake.in
  ${PROJECT_BINARY_DIR}/copickConfig.cmake INSTALL_DESTINATION ${COPICK_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/copickConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/copickConfig.cmake ${PROJECT_BINARY_DIR}/copickConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/CopickDependencies.cmake DESTINATION ${COPICK_CMAKE_DIR})

# An archive carries its needs to the one who links it; a shared library has them already.
set(COPICK_PC_NEEDS fmt simdjson blosc libzstd liblz4 libdeflate zlib liblzma libtiff-4 libcurl libcrypto pugixml)
if(COPICK_WITH_SSH)
  list(APPEND COPICK_PC_NEEDS libssh)
endif()
list(JOIN COPICK_PC_NEEDS " " COPICK_PC_NEEDS)
if(BUILD_SHARED_LIBS)
  set(COPICK_PC_SCOPE ".private")
else()
  set(COPICK_PC_LIBS " -lbz2 -pthread")
endif()
file(RELATIVE_PATH COPICK_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" COPICK_PC_PREFIX ${COPICK_PC_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/copick.pc.in ${PROJECT_BINARY_DIR}/copick.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/copick.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
