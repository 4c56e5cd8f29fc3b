# The face models (docs/faces.md) are fetched, never part of the source: `./dev setup`, or the target face_models.
# A build looks for them in share/livepusher/models of its own tree; `cmake --install` takes them along where they are there.
if(NOT LIVEPUSHER_WITH_FACES)
  return()
endif()
set(LIVEPUSHER_FACE_MODELS ${PROJECT_SOURCE_DIR}/build/models CACHE PATH
  "directory of face_detector.tflite and face_mesh.tflite, where the target face_models puts them and the installation finds them")
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/livepusher)
file(CREATE_LINK ${LIVEPUSHER_FACE_MODELS} ${PROJECT_BINARY_DIR}/share/livepusher/models SYMBOLIC)
add_custom_target(face_models
  COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/fetch-face-models.sh ${LIVEPUSHER_FACE_MODELS}
  COMMENT "Fetching the face models into ${LIVEPUSHER_FACE_MODELS}" VERBATIM)
install(FILES ${LIVEPUSHER_FACE_MODELS}/face_detector.tflite ${LIVEPUSHER_FACE_MODELS}/face_mesh.tflite
  DESTINATION ${CMAKE_INSTALL_DATADIR}/livepusher/models COMPONENT models OPTIONAL)
